namespace Portcullis.Declarations;

/// <summary>The start parameters about what is declared.</summary>
internal sealed class DeclarationOptions
{
    /// <summary>The source that the start parameters declare, and no other source.</summary>
    public string RootSource { get; set; } = "";

    /// <summary>Whether they do.</summary>
    public Func<bool> HasRoot { get; set; } = () => false;
}
