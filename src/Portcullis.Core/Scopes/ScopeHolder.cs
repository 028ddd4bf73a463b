namespace Portcullis.Core.Scopes;

/// <summary>Whose revision it is, and how far that is trusted.</summary>
public sealed record ScopeHolder(string Source, bool IsRoot, SourceScope Scope, bool Verified);
