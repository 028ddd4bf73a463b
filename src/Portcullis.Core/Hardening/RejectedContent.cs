namespace Portcullis.Core.Hardening;

/// <summary>Content that the engine did not accept, with its own error. It is not tried again until it changes.</summary>
public sealed record RejectedContent(string Sha256, string Error);
