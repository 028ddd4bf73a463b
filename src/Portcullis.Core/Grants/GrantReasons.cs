namespace Portcullis.Core.Grants;

/// <summary>The words that conditions and Events of a Grant use, besides those of <see cref="Access.AccessReasons"/>.</summary>
public static class GrantReasons
{
    public const string BindingsNotInForce = "BindingsNotInForce";
    public const string Started = "Started";
    public const string BindingReverted = "BindingReverted";
}
