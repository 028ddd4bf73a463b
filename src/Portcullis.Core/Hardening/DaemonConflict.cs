namespace Portcullis.Core.Hardening;

/// <summary>Settings that no engine starts with together, with their keys, so that the caller can tell whose they are.</summary>
internal sealed record DaemonConflict(IReadOnlyList<string> Keys, string Message);
