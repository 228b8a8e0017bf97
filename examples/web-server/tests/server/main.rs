//! The server as its users meet it: the binary, asked over the network.

mod api;
mod client;
mod edges;
mod evil;
mod jira;
mod kept;
mod life;
