namespace Portcullis.Core.Signing;

/// <summary>What came of one step of a decision.</summary>
public enum SigningOutcome
{
    /// <summary>It was only read.</summary>
    Found,

    /// <summary>It speaks for the image.</summary>
    Passed,

    /// <summary>It speaks against it.</summary>
    Failed,

    /// <summary>It is not known.</summary>
    Unknown,
}
