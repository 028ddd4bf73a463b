using System.Text.Json.Nodes;

namespace Portcullis.Core.Kinds;

/// <summary>
/// One object that a revision declares. <see cref="Value"/> has passed its schema, so typed reading cannot fail.
/// <see cref="PositionOf"/> finds the line of a field path such as <c>spec.role</c>.
/// </summary>
public sealed class DeclaredObject(ApiResource resource, ObjectKey key, Func<JsonObject> content, Func<string, SourcePosition> positionOf)
{
    private JsonObject? _value;

    public ApiResource Resource => resource;

    public ObjectKey Key => key;

    /// <summary>The content, parsed when it is first asked for: most rules read few kinds, and revisions may be large.</summary>
    public JsonObject Value => _value ??= content();

    public Func<string, SourcePosition> PositionOf => positionOf;

    public SourcePosition Position => PositionOf("");
}
