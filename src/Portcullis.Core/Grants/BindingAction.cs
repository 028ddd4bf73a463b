using System.Text.Json.Nodes;

namespace Portcullis.Core.Grants;

/// <summary>One thing to do to the RoleBindings of a namespace, on behalf of every grant that the binding stands for or stood for.</summary>
public abstract record BindingAction(ObjectKey Key) : PlannedAction
{
    public override string Id => $"RoleBinding {Key}";

    /// <summary>Make the binding, or make it say the right thing again.</summary>
    public sealed record Apply(ObjectKey Key, JsonObject Body, bool Exists) : BindingAction(Key)
    {
        /// <summary>One that was there before is taken over.</summary>
        public bool Adopts { get; init; }

        /// <summary>Whether it takes the role from somebody, or else gives it to somebody.</summary>
        public ActionEffect Change { get; init; } = ActionEffect.Widen;

        public override ActionEffect Effect => Change;

        public override string Describe() =>
            $"{(Exists ? "change" : "create")} RoleBinding {Key} ({Pluralize.Of(Body["subjects"]!.AsArray().Count, "subject")})";
    }

    /// <summary>The role of a binding cannot be changed: it is deleted and made again.</summary>
    public sealed record Replace(ObjectKey Key, JsonObject Body, string? Uid) : BindingAction(Key)
    {
        public override ActionEffect Effect => ActionEffect.Narrow;

        public override string Describe() => $"replace RoleBinding {Key}";
    }

    /// <summary>Nobody holds the role here any more, or the binding was never ours to be there.</summary>
    public sealed record Delete(ObjectKey Key) : BindingAction(Key)
    {
        public override ActionEffect Effect => ActionEffect.Narrow;

        public override string Describe() => $"delete RoleBinding {Key}";
    }
}
