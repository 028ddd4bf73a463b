namespace Portcullis.Core.Vulnerabilities;

/// <summary>How grave a vulnerability is, by DTR's bounds on its CVSS score.</summary>
public enum Severity
{
    /// <summary>Nobody has rated it. It counts as critical unless a policy says otherwise.</summary>
    Unknown,

    /// <summary>Above 0 and below 4.0; also what was rated 0.</summary>
    Minor,

    /// <summary>From 4.0 to below 7.0.</summary>
    Major,

    /// <summary>7.0 or more.</summary>
    Critical,
}
