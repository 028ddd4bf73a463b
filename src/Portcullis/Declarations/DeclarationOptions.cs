namespace Portcullis.Declarations;

/// <summary>The start parameters about what is declared.</summary>
internal sealed class DeclarationOptions
{
    /// <summary>The source that the start parameters declare, and no other source.</summary>
    public string RootSource { get; set; } = "";

    /// <summary>Whether they do.</summary>
    public Func<bool> HasRoot { get; set; } = () => false;

    /// <summary>Users whose writes count as declared: another GitOps tool that delivers our objects.</summary>
    public IReadOnlyList<string> TrustedAppliers { get; set; } = [];

    /// <summary>What nobody declares is acted upon too, but for kinds and objects that give power over everything. For trying things out.</summary>
    public bool AllowUndeclared { get; set; }
}
