namespace Portcullis.Core.Kinds;

/// <summary>
/// One thing of the platform that an object uses, and the field that says so. A source may declare the object only when its scope allows every
/// claim.
/// </summary>
public abstract record ScopeClaim
{
    private ScopeClaim(string field) => Field = field;

    /// <summary>The path from the top of the object: <c>spec.namespaces[0].name</c>.</summary>
    public string Field { get; }

    /// <summary>A place in the collection tree.</summary>
    public sealed record Collection(string Field, string Path) : ScopeClaim(Field);

    /// <summary>Registry repositories: a name, or a pattern with <c>*</c>.</summary>
    public sealed record Repository(string Field, string Pattern) : ScopeClaim(Field);

    public sealed record Namespace(string Field, string Name) : ScopeClaim(Field);

    /// <summary>A selector, which may match any namespace.</summary>
    public sealed record AnyNamespace(string Field) : ScopeClaim(Field);

    public sealed record Secret(string Field, string Name) : ScopeClaim(Field);

    /// <summary>Somebody who is given something: <c>User:ann</c>, <c>Team:acme/dev</c>.</summary>
    public sealed record Subject(string Field, string Text) : ScopeClaim(Field);

    /// <summary>A role that is given or declared.</summary>
    public sealed record Role(string Field, string Name) : ScopeClaim(Field);

    /// <summary>A permission on repositories, and the built-in role that holds as much power in a cluster.</summary>
    public sealed record RepositoryPermission(string Field, string NeededRole) : ScopeClaim(Field);

    /// <summary>What no scope allows: <paramref name="Act"/> is left to the root source.</summary>
    public sealed record RootOnly(string Field, string Act) : ScopeClaim(Field)
    {
        private const string KindField = "kind";

        /// <summary>The whole object is reserved for the root source.</summary>
        public bool IsWhole => Field == KindField;

        public static RootOnly Whole(ApiResource resource) => new(KindField, $"declare {resource.Kind}");
    }

    /// <summary>What gives power over machines: <paramref name="Effect"/> needs a source whose signatures are verified, the root source too.</summary>
    public sealed record VerifiedSource(string Field, string Effect) : ScopeClaim(Field);
}
