namespace Portcullis.Agent.Files;

/// <summary>At a path is something else than a regular file; the message says what, and what to do, as in "is a folder: replace it with a regular file".</summary>
internal sealed class NotRegularFileException(string message) : IOException(message);
