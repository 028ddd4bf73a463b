using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Admission;

/// <summary>One write on its way to the store.</summary>
internal sealed record AdmissionAttributes
{
    public required UserInfo User { get; init; }

    public required RequestAttributes Attributes { get; init; }

    public required ApiResource Resource { get; init; }

    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    /// <summary>The object to be stored; mutating plugins change it in place. Null for DELETE.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>What is stored now; null for CREATE. Never changed.</summary>
    public JsonObject? OldObject { get; init; }

    public bool DryRun { get; init; }

    /// <summary>CreateOptions, UpdateOptions, PatchOptions or DeleteOptions as sent.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>Collects <c>Warning</c> headers for the answer.</summary>
    public List<string> Warnings { get; } = [];
}

/// <summary>Refuses a write: the Status to answer.</summary>
internal sealed class AdmissionDeniedException(int code, string? reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string? Reason { get; } = reason;

    public JsonObject? Details { get; } = details;
}

/// <summary>
/// One built-in admission step. Mutation of every plugin runs first, in order (webhooks last), then validation of the final object.
/// Throw <see cref="AdmissionDeniedException"/> to refuse.
/// </summary>
internal interface IAdmissionPlugin
{
    ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken);

    ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken);
}
