using Portcullis.Core.Criteria;

namespace Portcullis.Core.Tests.Criteria;

internal sealed class CriteriaCheckTests
{
    [TestCase(CriterionField.Tag, "EqualTo NotEqualTo StartsWith EndsWith Contains OneOf NotOneOf Matches")]
    [TestCase(CriterionField.Package, "EqualTo StartsWith EndsWith Contains OneOf NotOneOf Matches")]
    [TestCase(CriterionField.License, "OneOf NotOneOf")]
    [TestCase(CriterionField.AllVulnerabilities, "EqualTo NotEqualTo GreaterThan GreaterOrEqual LessThan LessOrEqual")]
    [TestCase(CriterionField.CriticalVulnerabilities, "EqualTo NotEqualTo GreaterThan GreaterOrEqual LessThan LessOrEqual")]
    [TestCase(CriterionField.MajorVulnerabilities, "EqualTo NotEqualTo GreaterThan GreaterOrEqual LessThan LessOrEqual")]
    [TestCase(CriterionField.MinorVulnerabilities, "EqualTo NotEqualTo GreaterThan GreaterOrEqual LessThan LessOrEqual")]
    [TestCase(CriterionField.CvssScore, "EqualTo NotEqualTo GreaterThan GreaterOrEqual LessThan LessOrEqual")]
    [TestCase(CriterionField.UpdatedAt, "Before After")]
    [TestCase(CriterionField.UpdatedAge, "Before After")]
    [TestCase(CriterionField.SignedBy, "EqualTo OneOf")]
    public void Each_field_has_its_operators(CriterionField field, string operators) =>
        Assert.That(string.Join(' ', CriterionOperators.Of(field)), Is.EqualTo(operators));

    [TestCase(CriterionField.License, CriterionOperator.EqualTo, "MIT", "spec.criteria[1].operator", "License has no operator Equals: use OneOf or NotOneOf")]
    [TestCase(CriterionField.UpdatedAge, CriterionOperator.LessThan, "1h", "spec.criteria[1].operator", "UpdatedAge has no operator LessThan: use Before or After")]
    [TestCase(CriterionField.Tag, CriterionOperator.EqualTo, "1 2", "spec.criteria[1].values", "Equals takes one value, not 2; for several use OneOf")]
    [TestCase(CriterionField.CvssScore, CriterionOperator.LessThan, "1 2", "spec.criteria[1].values", "LessThan takes one value, not 2")]
    [TestCase(CriterionField.CriticalVulnerabilities, CriterionOperator.LessOrEqual, "-1", "spec.criteria[1].values", "\"-1\" is not a number of vulnerabilities: write a whole number, such as 0")]
    [TestCase(CriterionField.AllVulnerabilities, CriterionOperator.LessOrEqual, "1.5", "spec.criteria[1].values", "\"1.5\" is not a number of vulnerabilities: write a whole number, such as 0")]
    [TestCase(CriterionField.MinorVulnerabilities, CriterionOperator.LessThan, "0", "spec.criteria[1].values", "nothing is less than 0, so that no image would ever meet it: use LessOrEqual")]
    [TestCase(CriterionField.CvssScore, CriterionOperator.LessThan, "10.1", "spec.criteria[1].values", "\"10.1\" is not a CVSS score: write a number from 0 to 10, such as 6.9")]
    [TestCase(CriterionField.CvssScore, CriterionOperator.LessThan, "high", "spec.criteria[1].values", "\"high\" is not a CVSS score: write a number from 0 to 10, such as 6.9")]
    [TestCase(CriterionField.CvssScore, CriterionOperator.LessThan, "0.0", "spec.criteria[1].values", "nothing is less than 0, so that no image would ever meet it: use LessOrEqual")]
    [TestCase(CriterionField.UpdatedAt, CriterionOperator.Before, "2026-03-01", "spec.criteria[1].values", "\"2026-03-01\" is not a time: write it as in 2026-03-01T12:00:00Z")]
    [TestCase(CriterionField.UpdatedAt, CriterionOperator.Before, "2026-02-30T00:00:00Z", "spec.criteria[1].values", "\"2026-02-30T00:00:00Z\" is not a time: write it as in 2026-03-01T12:00:00Z")]
    [TestCase(CriterionField.UpdatedAt, CriterionOperator.Before, "2026-03-01T12:00:00", "spec.criteria[1].values", "\"2026-03-01T12:00:00\" is not a time: write it as in 2026-03-01T12:00:00Z")]
    [TestCase(CriterionField.UpdatedAge, CriterionOperator.Before, "7d", "spec.criteria[1].values", "\"7d\" is not a duration: write it as in 168h or 30m")]
    [TestCase(CriterionField.UpdatedAge, CriterionOperator.Before, "0s", "spec.criteria[1].values", "\"0s\" is not a duration: write it as in 168h or 30m")]
    public void Says_which_field_is_wrong_and_what_to_write(CriterionField field, CriterionOperator one, string values, string path, string message)
    {
        var right = new Criterion { Field = CriterionField.Tag, Operator = CriterionOperator.EqualTo, Values = ["1"] };
        var wrong = new Criterion { Field = field, Operator = one, Values = values.Split(' ') };
        Assert.That(CriteriaCheck.Of([right, wrong], "spec.criteria"), Is.EqualTo(new[] { (path, message) }));
    }

    [Test]
    public void A_pattern_is_one_of_RE2()
    {
        var wrong = new Criterion { Field = CriterionField.Package, Operator = CriterionOperator.Matches, Values = ["(?=a)"] };
        Assert.That(CriteriaCheck.Of([wrong], "c").Single().Message, Does.StartWith("\"(?=a)\": error parsing regexp"));
    }

    [Test]
    public void Lists_have_several_values_of_which_each_is_checked() => Assert.That(
        CriteriaCheck.Of(
            [
                new Criterion { Field = CriterionField.Tag, Operator = CriterionOperator.OneOf, Values = ["1", "2"] },
                new Criterion { Field = CriterionField.License, Operator = CriterionOperator.NotOneOf, Values = ["1", "2"] },
                new Criterion { Field = CriterionField.CvssScore, Operator = CriterionOperator.LessOrEqual, Values = ["0"] },
                new Criterion { Field = CriterionField.CvssScore, Operator = CriterionOperator.LessOrEqual, Values = ["10"] },
                new Criterion { Field = CriterionField.UpdatedAt, Operator = CriterionOperator.After, Values = ["2026-03-01T12:00:00.5+02:00"] },
            ],
            "c"),
        Is.Empty);
}
