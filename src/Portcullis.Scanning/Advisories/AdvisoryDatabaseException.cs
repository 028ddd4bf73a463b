namespace Portcullis.Scanning.Advisories;

/// <summary>A file is no database of advisories, or not the one that was written: nothing may be concluded from it.</summary>
public sealed class AdvisoryDatabaseException(string message) : IOException(message);
