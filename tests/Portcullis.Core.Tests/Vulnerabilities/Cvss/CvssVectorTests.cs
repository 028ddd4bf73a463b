using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Cvss;

namespace Portcullis.Core.Tests.Vulnerabilities.Cvss;

[TestFixture]
public sealed class CvssVectorTests
{
    // The examples of the guide of version 2 (section 3.3) and of the examples that FIRST publishes for 3.0, 3.1 and 4.0.
    [TestCase("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8)]
    [TestCase("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0)]
    [TestCase("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2)]
    [TestCase("CVSS:2.0/AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2)]
    [TestCase("(AV:N/AC:M/Au:M/C:P/I:C/A:C)", 7.5)]
    [TestCase("AV:A/AC:H/Au:S/C:N/I:N/A:N", 0.0)]
    [TestCase("AV:A/AC:H/Au:S/C:N/I:P/A:P/E:POC/RL:OF/RC:C/CDP:LM/TD:M/CR:M/IR:L/AR:L", 2.9)]
    [TestCase("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4)]
    [TestCase("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1)]
    [TestCase("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9)]
    [TestCase("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", 4.6)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/MA:N", 9.8)]
    [TestCase("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.8)]
    [TestCase("CVSS:4.0/AV:A/AC:H/AT:P/PR:H/UI:N/VC:H/VI:H/VA:N/SC:N/SI:L/SA:L", 7.2)]
    [TestCase("CVSS:4.0/AV:N/AC:H/AT:P/PR:L/UI:P/VC:H/VI:N/VA:H/SC:L/SI:N/SA:H", 7.1)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 0.0)]
    [TestCase("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", 7.3)]
    public void Computes_the_base_score(string vector, double score) => Assert.That(CvssVector.Parse(vector)?.BaseScore, Is.EqualTo((decimal)score));

    [TestCase("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P", 5.9)]
    [TestCase("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", 4.1)]
    [TestCase("CVSS:4.0/AV:A/AC:L/AT:N/PR:L/UI:P/VC:N/VI:L/VA:N/SC:H/SI:N/SA:H/CR:M/MAT:P/MVC:N/MSC:L/MSA:H", 2.0)]
    [TestCase("CVSS:4.0/AV:P/AC:H/AT:P/PR:N/UI:P/VC:N/VI:L/VA:H/SC:H/SI:N/SA:L/E:P/MAV:L/MVA:H/MSA:S", 7.1)]
    [TestCase("CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:H/SI:L/SA:L/IR:H/AR:H/MAC:L/MUI:N", 9.2)]
    [TestCase("CVSS:4.0/AV:A/AC:H/AT:N/PR:L/UI:N/VC:L/VI:H/VA:N/SC:L/SI:L/SA:H/CR:M/MAT:P/MVA:H/MSI:S", 8.7)]
    [TestCase("CVSS:4.0/AV:L/AC:H/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L/E:U/AR:H/MAV:P/MPR:L/MSA:N", 0.1)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/S:N/AU:N/R:A/V:D/RE:L/U:Clear", 0.0)]
    public void Counts_threat_and_environment_in_the_score_of_version_4(string vector, double score) =>
        Assert.That(CvssVector.Parse(vector)?.Score, Is.EqualTo((decimal)score));

    [TestCase("", "AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC", 1, 38007)]
    [TestCase("CVSS:3.0/", "AV:NALP AC:LH PR:NLH UI:NR S:UC C:NLH I:NLH A:NLH", 1, 142706)]
    [TestCase("CVSS:3.1/", "AV:NALP AC:LH PR:NLH UI:NR S:UC C:NLH I:NLH A:NLH", 1, 142706)]
    [TestCase("CVSS:4.0/", "AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN E:APU CR:HML IR:HML AR:HML", 2741, 106777)]
    public void The_scores_of_many_vectors_add_up_to_those_of_the_reference_calculators(string prefix, string metrics, int step, int tenths)
    {
        var choices = metrics.Split(' ').Select(m => m.Split(':')).ToList();
        var count = choices.Aggregate(1, (product, c) => product * c[1].Length);
        var sum = 0m;
        for (var i = 0; i < count; i += step)
        {
            var rest = i;
            var parts = new List<string>();
            foreach (var choice in choices)
            {
                parts.Add($"{choice[0]}:{choice[1][rest % choice[1].Length]}");
                rest /= choice[1].Length;
            }

            sum += CvssVector.Parse(prefix + string.Join('/', parts))!.Score * 10;
        }

        Assert.That(sum, Is.EqualTo(tenths));
    }

    [TestCase("")]
    [TestCase("7.5")]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", TestName = "a base metric is missing")]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", TestName = "an empty metric")]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H", TestName = "a metric twice")]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X", TestName = "an unknown value")]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:X", TestName = "an unknown metric")]
    [TestCase("CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", TestName = "an unknown version")]
    [TestCase("CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", TestName = "metrics of another version")]
    [TestCase("AV:N/AC:L/AU:N/C:N/I:N/A:C", TestName = "another case")]
    [TestCase("AV:N/AC:L/Au:N/C:N/I:N/A", TestName = "no value")]
    public void Refuses_what_is_no_vector(string text) => Assert.That(CvssVector.Parse(text), Is.Null);

    [Test]
    public void Prefers_the_latest_version_and_then_the_highest_score()
    {
        const string V2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
        const string V30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        const string V31 = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N";
        const string Higher31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N";
        const string V40 = "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CvssVector.Preferred([V2, V40, V31, V30])?.Text, Is.EqualTo(V40));
            Assert.That(CvssVector.Preferred([V2, V31, Higher31, V30])?.Text, Is.EqualTo(Higher31));
            Assert.That(CvssVector.Preferred([V2, V30])?.Text, Is.EqualTo(V30));
            Assert.That(CvssVector.Preferred(["not one", V2])?.Version, Is.EqualTo(CvssVersion.V2));
            Assert.That(CvssVector.Preferred(["not one"]), Is.Null);
        }
    }

    [Test]
    public void Writes_a_score_with_one_decimal() =>
        Assert.That(FormattableString.Invariant($"{CvssVector.Parse(" AV:N/AC:L/Au:N/C:C/I:C/A:C ")!.BaseScore}"), Is.EqualTo("10.0"));

    [TestCase(null, Severity.Unknown)]
    [TestCase(0.0, Severity.Minor)]
    [TestCase(3.9, Severity.Minor)]
    [TestCase(4.0, Severity.Major)]
    [TestCase(6.9, Severity.Major)]
    [TestCase(7.0, Severity.Critical)]
    [TestCase(10.0, Severity.Critical)]
    public void Rates_scores_by_the_bounds_of_DTR(double? score, Severity severity) => Assert.That(SeverityBounds.Of((decimal?)score), Is.EqualTo(severity));
}
