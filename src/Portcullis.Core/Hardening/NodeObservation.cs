namespace Portcullis.Core.Hardening;

/// <summary>A Node, as far as <see cref="NodeSelection"/> needs it.</summary>
public sealed record NodeObservation(string Name, IReadOnlyDictionary<string, string> Labels);
