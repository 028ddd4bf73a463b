using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

internal sealed class NodeSelectionTests
{
    // spec.nodeSelector, the labels of a node.
    [TestCase(null, "", true)]
    [TestCase("", "zone=a", true)]
    [TestCase("zone=a", "zone=a,role=edge", true)]
    [TestCase("zone=a", "zone=b", false)]
    [TestCase("zone=a", "", false)]
    [TestCase("zone=a,role=edge", "zone=a,role=edge", true)]
    [TestCase("zone=a,role=edge", "zone=a", false)]
    public void A_node_must_have_all_labels_of_the_selector(string? selector, string labels, bool isSelected) =>
        Assert.That(NodeSelection.Selects(new NodeHardeningSpec { DaemonJson = [], NodeSelector = selector is null ? null : Labels(selector) }, Labels(labels)), Is.EqualTo(isSelected));

    private static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);
}
