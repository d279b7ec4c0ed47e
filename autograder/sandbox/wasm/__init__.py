"""Where workers live on any system: WebAssembly guests, each a CPython with NumPy in a memory of its own."""
