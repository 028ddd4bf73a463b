using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Scopes;

namespace Portcullis.Sources.Validate;

/// <summary>What a revision is judged by besides itself: whose it is, and what other sources have in force.</summary>
internal sealed record RevisionSurroundings
{
    public required ScopeHolder Holder { get; init; }

    /// <summary>Objects of our kinds that other sources declare.</summary>
    public IReadOnlyList<JsonObject> InForce { get; init; } = [];

    /// <summary>The source that an object belongs to now; null when to none.</summary>
    public Func<ObjectIdentity, string?> OwnerOf { get; init; } = _ => null;

    /// <summary>It is not a revision but the start parameters, which alone declare the root source.</summary>
    public bool IsStart { get; init; }

    /// <summary>The source that the start parameters declare.</summary>
    public string RootSource { get; init; } = "root";

    /// <summary>Repositories on the disk may be read (<c>portcullis up</c>).</summary>
    public bool AllowLocal { get; init; }
}
