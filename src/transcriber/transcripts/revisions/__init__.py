"""What a transcript was before it was corrected: its history, differences, and ways back."""
