namespace Portcullis.Core.Access;

/// <summary>A grant as access is decided from: what it says, and by its metadata who declared it.</summary>
public sealed record AccessGrant(ObjectMeta Metadata, GrantSpec Spec)
{
    public ObjectKey Key => Metadata.Key;
}
