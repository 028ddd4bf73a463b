namespace Portcullis.Uninstall;

/// <summary>What was deleted is still there, or is there again: the message says what holds it and what to do.</summary>
internal sealed class StillThereException(string message) : Exception(message);
