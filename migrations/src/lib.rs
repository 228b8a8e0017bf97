//! The SQL that makes and upgrades an ATLAS database, in order and forward only.
