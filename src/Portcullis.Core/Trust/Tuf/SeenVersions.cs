namespace Portcullis.Core.Trust.Tuf;

/// <summary>The versions of a set, without its files: enough to refuse older ones when the set itself is no longer at hand.</summary>
public sealed class SeenVersions
{
    internal SeenVersions(long root, RoleFloors floors) => (Root, Floors) = (root, floors);

    internal long Root { get; }

    internal RoleFloors Floors { get; }
}
