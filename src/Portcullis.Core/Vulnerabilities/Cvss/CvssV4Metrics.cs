namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>
/// The metrics of a vector of CVSS 4.0 as the score goes by them: a modified metric stands for its base metric, and what is not defined is the worst
/// (first.org/cvss/v4.0/specification-document, sections 3 and 4).
/// </summary>
/// <param name="metrics">All metrics of the vector.</param>
/// <param name="isBaseOnly">Whether threat and environmental metrics count as not defined.</param>
internal sealed class CvssV4Metrics(CvssMetrics metrics, bool isBaseOnly)
{
    /// <summary>Exploit maturity: A, P or U.</summary>
    public string Exploit => Worst("E", "A");

    /// <summary>The effective value of a base metric, or of a security requirement (CR, IR, AR).</summary>
    public string this[string metric] => metric is "CR" or "IR" or "AR" ? Worst(metric, "H") :
        Other("M" + metric) is var modified && modified != "X" ? modified : metrics[metric];

    public bool Is(string metric, string value) => this[metric] == value;

    private string Worst(string metric, string worst) => Other(metric) is var value && value == "X" ? worst : value;

    private string Other(string metric) => isBaseOnly ? "X" : metrics.Optional(metric);
}
