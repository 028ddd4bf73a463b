namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>A version of the Common Vulnerability Scoring System (first.org/cvss); of two scores, that of the later version is preferred.</summary>
public enum CvssVersion
{
    V2,
    V30,
    V31,
    V40,
}
