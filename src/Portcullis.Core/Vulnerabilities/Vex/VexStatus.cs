namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>How a product stands to a vulnerability (OpenVEX specification, "Status Labels").</summary>
public enum VexStatus
{
    NotAffected,

    Affected,

    Fixed,

    UnderInvestigation,
}
