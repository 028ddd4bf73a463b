namespace Portcullis.Core.Hardening;

/// <summary>Why something is not written; <see cref="Hardening"/> is empty when it concerns all NodeHardenings of the node.</summary>
public sealed record Refusal(string Hardening, Problem Problem)
{
    /// <summary>It was tried, and the engine did not run with it.</summary>
    public bool WasTried => Problem.Reason == HardeningReasons.RolledBack;

    /// <summary>Of a key, before anything is written.</summary>
    public static Refusal Of(string hardening, string key, string message) =>
        new(hardening, new Problem(HardeningReasons.Refused, key.Length == 0 ? "" : $"spec.daemonJSON.{key}", message));
}
