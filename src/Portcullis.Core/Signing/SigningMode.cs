namespace Portcullis.Core.Signing;

/// <summary>What follows when an image does not have the signatures that a policy asks for. In the order of strictness.</summary>
public enum SigningMode
{
    /// <summary>Nothing: the image is not looked at.</summary>
    Off,

    /// <summary>The image runs, with a warning.</summary>
    Audit,

    /// <summary>The image does not run.</summary>
    Enforce,
}
