namespace Portcullis.Scanning.Advisories;

/// <summary>How far an import is.</summary>
/// <param name="Source">What is being read; empty while the database is written.</param>
/// <param name="Advisories">Files of it that were read.</param>
/// <param name="Part">How much of it was read, from 0 to 1; null when that is not known.</param>
public sealed record ImportProgress(string Source, int Advisories, double? Part);
