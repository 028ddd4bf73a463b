namespace Portcullis.Scanning.Files;

/// <summary>A file, or a layer, that does not say what its format says it must. The message goes into the inventory.</summary>
internal sealed class UnreadableFileException(string message) : Exception(message);
