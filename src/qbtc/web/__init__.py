"""Web: sessions, the command edge, the WebSocket hub and the React application."""
