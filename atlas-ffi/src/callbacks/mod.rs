//! What a host implements: plugins, listeners, networking.

mod blender;
mod predictor;
mod progress;
mod transport;

pub use blender::{Blender, ForeignBlender};
pub use predictor::{ForeignPredictor, Predictor};
pub use progress::{Cancellation, ProgressListener, SyncListener, Watch};
pub use transport::{ForeignTransport, HttpTransport};
