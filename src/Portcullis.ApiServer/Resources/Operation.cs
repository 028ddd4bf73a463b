using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;

namespace Portcullis.ApiServer.Resources;

/// <summary>One request on one kind, after authentication and authorization: who, what, how.</summary>
internal sealed record Operation
{
    public required UserInfo User { get; init; }

    public required RequestAttributes Attributes { get; init; }

    public required ServedKind Kind { get; init; }

    public QueryOptions Query { get; init; } = QueryOptions.None;

    /// <summary>The field manager: as asked, else from the user agent.</summary>
    public required string Manager { get; init; }

    /// <summary>The sent options (PatchOptions and so on), for admission.</summary>
    public JsonObject? Options { get; init; }

    public List<string> Warnings { get; init; } = [];

    public ApiResource Resource => Kind.Resource;

    public string Subresource => Attributes.Subresource;

    /// <summary>Namespaces are cluster-scoped though their requests carry their own name as namespace.</summary>
    public string Namespace => Kind.Resource.Namespaced ? Attributes.Namespace : "";

    public ObjectKey Key => new(Namespace, Attributes.Name);

    public bool DryRun => Query.IsDryRun;

    public AdmissionAttributes Admission(string operation, JsonObject? value, JsonObject? old) => new()
    {
        User = User,
        Attributes = Attributes,
        Resource = Resource,
        Operation = operation,
        Object = value,
        OldObject = old,
        DryRun = DryRun,
        Options = Options,
    };
}

/// <summary>What a write is answered with.</summary>
internal sealed record WriteResult(int Code, JsonObject Value);
