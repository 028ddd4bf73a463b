namespace Portcullis.Access;

/// <summary>Names the source that may claim protected namespaces. Set once by the composition.</summary>
internal sealed class AccessOptions
{
    public string RootSource { get; set; } = "root";
}
