namespace Portcullis.Core.Hardening;

/// <summary>Settings that no engine starts with together, with their keys, so that the caller can find their owners.</summary>
internal sealed record DaemonConflict(IReadOnlyList<string> Keys, string Message);
