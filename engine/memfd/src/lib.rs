//! Wasmtime keeps a descriptor for each module that has data: a file of memory, which it maps into
//! every instance. A program that closes descriptors it does not know would have its own next file
//! mapped there in its place, and closed at the end. So there are none: where the kernel has no
//! `memfd_create` Wasmtime copies the data instead, and that is what it is told here.

use std::fmt;
use std::fs::File;
use std::io;

pub struct MemfdOptions;

impl MemfdOptions {
    pub fn new() -> Self {
        Self
    }

    pub fn allow_sealing(self, _allow: bool) -> Self {
        self
    }

    pub fn create(self, _name: &str) -> Result<Memfd, Error> {
        Err(Error::Create(io::ErrorKind::Unsupported.into()))
    }
}

impl Default for MemfdOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// None exists.
#[derive(Debug)]
pub enum Memfd {}

impl Memfd {
    pub fn as_file(&self) -> &File {
        match *self {}
    }

    pub fn add_seals(&self, _seals: &[FileSeal]) -> Result<(), Error> {
        match *self {}
    }
}

pub enum FileSeal {
    SealGrow,
    SealShrink,
    SealWrite,
    SealSeal,
}

#[derive(Debug)]
pub enum Error {
    Create(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are no files of memory here")
    }
}

impl std::error::Error for Error {}
