//! What `std` would bring: memory, and what happens at a panic.
// SPDX-License-Identifier: Apache-2.0
use crate::{host, Worth};
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::panic::PanicInfo;
use core::ptr;

/// Memory is taken from one end. The piece taken last can grow, shrink and be given back; the
/// others are given back together, when none is left: at the end of a hook.
struct Bump {
    top: Cell<usize>,
    pieces: Cell<usize>,
}

// SAFETY: a Pack has one thread.
unsafe impl Sync for Bump {}

#[global_allocator]
static MEMORY: Bump = Bump {
    top: Cell::new(0),
    pieces: Cell::new(0),
};

extern "C" {
    static __heap_base: u8; // where the linker says that free memory begins
}

impl Bump {
    /// Moves the top, where there is or can be memory up to it.
    fn raise(&self, top: usize) -> bool {
        const PAGE: usize = 65536;
        let (have, need) = (core::arch::wasm32::memory_size(0), top.div_ceil(PAGE));
        if need > have && core::arch::wasm32::memory_grow(0, need - have) == usize::MAX {
            return false;
        }
        self.top.set(top);
        true
    }
}

// SAFETY: pieces do not overlap, since each begins at the top or behind it and ends there, and the
// top falls only to the beginning of the last piece, or to that of all when there is none.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = match self.pieces.get() {
            0 => &raw const __heap_base as usize,
            _ => self.top.get(),
        };
        let Some(start) = start.checked_next_multiple_of(layout.align()) else {
            return ptr::null_mut();
        };
        match start.checked_add(layout.size()) {
            Some(end) if self.raise(end) => {
                self.pieces.set(self.pieces.get() + 1);
                start as *mut u8
            }
            _ => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        self.pieces.set(self.pieces.get() - 1);
        if piece as usize + layout.size() == self.top.get() {
            self.top.set(piece as usize);
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if piece as usize + layout.size() == self.top.get() {
            return match (piece as usize).checked_add(size) {
                Some(end) if self.raise(end) => piece,
                _ => ptr::null_mut(),
            };
        }
        if size <= layout.size() {
            return piece;
        }
        let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
        if !moved.is_null() {
            ptr::copy_nonoverlapping(piece, moved, layout.size());
            self.pieces.set(self.pieces.get() - 1);
        }
        moved
    }
}

/// Says where it was, and what where that is a plain text: putting one together would weigh more
/// than most Packs. The trap ends the hook.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut message = b"panicked".to_vec();
    if let Some(place) = info.location() {
        message.extend_from_slice(b" at ");
        message.extend_from_slice(place.file().as_bytes());
        message.push(b':');
        place.line().write(&mut message);
    }
    if let Some(text) = info.message().as_str() {
        message.extend_from_slice(b": ");
        message.extend_from_slice(text.as_bytes());
    }
    host::fail(&message);
    core::arch::wasm32::unreachable()
}
