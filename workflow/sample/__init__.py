"""The sample office and the cases of the demo."""
