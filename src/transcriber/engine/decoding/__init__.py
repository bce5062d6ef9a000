"""From a span's audio to text: windows, temperature fallback, and what is not believed."""
