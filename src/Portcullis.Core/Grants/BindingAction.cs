using System.Text.Json.Nodes;

namespace Portcullis.Core.Grants;

/// <summary>One thing to do to the RoleBindings of a namespace.</summary>
public abstract record BindingAction(ObjectKey Key)
{
    /// <summary>For logs, Events and plans.</summary>
    public abstract string Describe();

    /// <summary>Make the binding, or make it say the right thing again.</summary>
    public sealed record Apply(ObjectKey Key, JsonObject Body, bool Exists) : BindingAction(Key)
    {
        public override string Describe()
        {
            return $"{(Exists ? "change" : "create")} RoleBinding {Key} ({Counted.Of(Body["subjects"]!.AsArray().Count, "subject")})";
        }
    }

    /// <summary>The role of a binding cannot be changed: it goes and comes back.</summary>
    public sealed record Replace(ObjectKey Key, JsonObject Body, string? Uid) : BindingAction(Key)
    {
        public override string Describe() => $"replace RoleBinding {Key}";
    }

    /// <summary>Nobody holds the role here any more, or the binding was never ours to be there.</summary>
    public sealed record Delete(ObjectKey Key) : BindingAction(Key)
    {
        public override string Describe() => $"delete RoleBinding {Key}";
    }
}
