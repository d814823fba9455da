"""Model providers behind `ports.Provider`: Claude and Ollama. Their libraries are imported only when chosen."""
