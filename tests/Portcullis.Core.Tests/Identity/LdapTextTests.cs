using Portcullis.Core.Identity;

namespace Portcullis.Core.Tests.Identity;

[TestFixture]
internal sealed class LdapTextTests
{
    [TestCase("ann", "ann")]
    [TestCase("a,b+c\"d\\e<f>g;h=i", "a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i")]
    [TestCase(" a b ", "\\ a b\\ ")]
    [TestCase("#a#", "\\#a#")]
    [TestCase("a\0b", "a\\00b")]
    public void No_letter_of_a_name_means_anything_in_a_distinguished_name(string name, string escaped) => Assert.That(LdapText.EscapeValue(name), Is.EqualTo(escaped));

    [TestCase("ann", "ann")]
    [TestCase("*)(uid=*", "\\2a\\29\\28uid=\\2a")]
    [TestCase("a\\b\0", "a\\5cb\\00")]
    public void No_letter_of_a_name_means_anything_in_a_filter(string name, string escaped) => Assert.That(LdapText.EscapeFilter(name), Is.EqualTo(escaped));

    [TestCase("dev", "dev")]
    [TestCase("cn=dev,ou=groups,dc=example", "dev")]
    [TestCase("CN=a\\,b+ou=c,dc=example", "a,b")]
    [TestCase("1.2.3=dev", "dev")]
    [TestCase("a b=c", "a b=c")]
    public void A_group_is_named_by_the_first_value_of_its_distinguished_name(string value, string name) => Assert.That(LdapText.GroupName(value), Is.EqualTo(name));

    [TestCase("ci:{project_path}", "ci:a/b")]
    [TestCase("{project_path}{ref}", "a/bmain")]
    [TestCase("{missing}", null)]
    [TestCase("plain", "plain")]
    public void A_template_is_filled_with_claims(string template, string? text) =>
        Assert.That(ClaimTemplate.Parse(template)!.Render(claim => claim switch { "project_path" => "a/b", "ref" => "main", _ => null }), Is.EqualTo(text));

    [TestCase("{")]
    [TestCase("}")]
    [TestCase("{}")]
    [TestCase("{a{b}}")]
    [TestCase("a}b{c}")]
    public void Braces_of_a_template_pair(string template) => Assert.That(ClaimTemplate.Parse(template), Is.Null);
}
