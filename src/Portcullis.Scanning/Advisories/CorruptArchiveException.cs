namespace Portcullis.Scanning.Advisories;

/// <summary>An archive of advisories is damaged or exceeds a limit: nothing of it is imported.</summary>
public sealed class CorruptArchiveException(string message) : IOException(message);
