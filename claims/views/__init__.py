"""The public pages, as views; each reads the stored public document."""
