"""The llm engine: asks any OpenAI-compatible endpoint, and checks every answer by code."""
