namespace Portcullis.Core.Grants;

/// <summary>The reasons of conditions and Events of a Grant, besides those of <see cref="Access.AccessReasons"/>.</summary>
public static class GrantReasons
{
    public const string BindingsNotInForce = "BindingsNotInForce";
    public const string CollectionNotReady = "CollectionNotReady";
    public const string NothingInReach = "NothingInReach";
    public const string Started = "Started";
    public const string BindingReverted = "BindingReverted";
}
