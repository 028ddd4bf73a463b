namespace Portcullis.Core.Hardening;

/// <summary>
/// A file that was written and with which the engine has not yet been seen to run: agent or engine stopped during the change, or the change
/// waits for a restart. While it is pending, an engine that fails is rolled back.
/// </summary>
public sealed record PendingChange(string Sha256, DateTimeOffset Since);
