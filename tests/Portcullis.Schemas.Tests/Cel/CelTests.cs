using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Cel;

namespace Portcullis.Schemas.Tests.Cel;

/// <summary>The language by example; expectations are cel-spec's and the Kubernetes documentation's.</summary>
public class CelTests
{
    private static readonly string[] Variables = ["x"];

    private static CelOutcome Evaluate(string expression, string json = "null")
    {
        var (program, error) = CelProgram.Compile(expression, Variables);
        Assert.That(error, Is.Null, expression);
        return program!.Evaluate(new Dictionary<string, JsonNode?> { ["x"] = JsonNode.Parse(json) });
    }

    [TestCase("1 + 2 * 3 == 7")]
    [TestCase("(1 + 2) * 3 == 9")]
    [TestCase("-7 / 2 == -3 && -7 % 2 == -1")]
    [TestCase("- -1 == 1 && --1 == 1 && !!true")]
    [TestCase("-9223372036854775808 < 0")]
    [TestCase("0xff == 255 && 1u + 2u == 3u && 1e3 == 1000.0 && .5 == 0.5")]
    [TestCase("1 == 1 ? true : false")]
    [TestCase("false ? false : true ? true : false")]
    [TestCase("'a' + \"b\" == 'ab' && r'\\d' == '\\\\d' && '\\u00e4' == 'ä' && '''a\nb'''.size() == 3")]
    [TestCase("b'ab' == bytes('ab') && b'\\xff' != b'\\xfe' && string(b'ab') == 'ab'")]
    [TestCase("dyn(1) == dyn(1.0) && dyn(1) == dyn(1u) && dyn(1) != dyn('1')")]
    [TestCase("1 < 1.5 && 2u > 1 && 1.5 <= 2u")]
    [TestCase("[1, 2] + [3] == [1, 2, 3] && 2 in [1, 2] && !(4 in [1, 2])")]
    [TestCase("{'a': 1}.a == 1 && {'a': 1}['a'] == 1 && 'a' in {'a': 1} && {1: 'x'}[1] == 'x'")]
    [TestCase("size('äöü') == 3 && 'a😀b'.size() == 3 && size([1]) == 1 && size({}) == 0")]
    [TestCase("[1, 2, 3].all(i, i > 0) && [1, 2, 3].exists(i, i == 2) && [1, 2, 3].exists_one(i, i > 2)")]
    [TestCase("[1, 2, 3].map(i, i * 2) == [2, 4, 6] && [1, 2, 3].map(i, i > 1, i * 2) == [4, 6] && [1, 2, 3].filter(i, i > 1) == [2, 3]")]
    [TestCase("{'a': 1, 'b': 2}.all(k, k in ['a', 'b']) && {'a': 1}.map(k, k) == ['a']")]
    [TestCase("[5, 6].all(i, v, v == i + 5) && [5, 6].exists(i, v, i == 1 && v == 6) && {'a': 1}.existsOne(k, v, v == 1)")]
    [TestCase("[5, 6].transformList(i, v, v - i) == [5, 5] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2} && {'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'}")]
    [TestCase("[1, 2].all(i, [3, 4].all(j, i < j))")]
    [TestCase("true || 1 / 0 == 1")]
    [TestCase("1 / 0 == 1 || true")]
    [TestCase("!(false && 1 / 0 == 1) && !(1 / 0 == 1 && false)")]
    [TestCase("[0, 1].exists(i, 1 / i == 1)")]
    [TestCase("type(1) == int && type('a') == string && type([]) == list && type({}) == map && type(null) == null_type && type(type(1)) == type")]
    [TestCase("type(timestamp('2020-01-01T00:00:00Z')) == google.protobuf.Timestamp && type(duration('1s')) == google.protobuf.Duration")]
    [TestCase("int('5') == 5 && int(5.9) == 5 && uint(5) == 5u && double('1.5') == 1.5 && string(1.5) == '1.5' && string(1e6) == '1e+06' && bool('true')")]
    [TestCase("'hello'.contains('ell') && 'hello'.startsWith('he') && 'hello'.endsWith('lo') && 'hello'.matches('^h.*o$') && matches('a', 'a')")]
    [TestCase("!'a\\n'.matches('^a$') && 'é'.matches('^\\\\W$') && 'a-b'.matches('^[[:alpha:]-]+$') && 'x'.matches('(?i)X')")]
    [TestCase("'tacocat'.charAt(3) == 'o' && 'tacocat'.charAt(7) == '' && 'hello mellow'.indexOf('ello', 2) == 7 && 'hello mellow'.lastIndexOf('ello', 6) == 1 && 'a'.indexOf('') == 0")]
    [TestCase("'TacoCÆt'.lowerAscii() == 'tacocÆt' && 'TacoCæt'.upperAscii() == 'TACOCæT' && '  x '.trim() == 'x'")]
    [TestCase("'hello hello'.replace('he', 'we', 1) == 'wello hello' && 'hello'.replace('', '_') == '_h_e_l_l_o_' && 'aa'.replace('a', 'b', 0) == 'aa'")]
    [TestCase("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b'] && 'a'.split(',', 0) == []")]
    [TestCase("['a', 'b'].join() == 'ab' && ['a', 'b'].join('-') == 'a-b' && 'tacocat'.substring(4) == 'cat' && 'tacocat'.substring(0, 4) == 'taco'")]
    [TestCase("'%s %d %.2f %x %b %o %%'.format([dyn('a'), dyn(5), dyn(1.234), dyn(255), dyn(5), dyn(8)]) == 'a 5 1.23 ff 101 10 %' && '%s'.format([[dyn(1), dyn('a'), dyn(null)]]) == '[1, a, null]' && strings.quote('a\\n') == '\"a\\\\n\"'")]
    [TestCase("'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]') == '' && '1 2 3'.findAll('[0-9]') == ['1', '2', '3'] && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']")]
    [TestCase("timestamp('2009-02-13T23:31:30Z').getFullYear() == 2009 && timestamp('2009-02-13T23:31:30Z').getMonth() == 1 && timestamp('2009-02-13T23:31:30Z').getHours('+02:00') == 1")]
    [TestCase("timestamp('2009-02-13T23:31:30.123456789Z') - duration('1h30m') == timestamp('2009-02-13T22:01:30.123456789Z')")]
    [TestCase("timestamp('2020-01-02T00:00:00Z') - timestamp('2020-01-01T00:00:00Z') == duration('24h') && duration('90s').getMinutes() == 1 && duration('1.5s').getMilliseconds() == 1500 && string(duration('1h')) == '3600s'")]
    [TestCase("string(timestamp('2020-01-02T03:04:05.5Z')) == '2020-01-02T03:04:05.5Z' && int(timestamp('1970-01-01T00:01:00Z')) == 60 && timestamp(60) == timestamp('1970-01-01T00:01:00Z')")]
    [TestCase("[1, 2, 3].isSorted() && ![2, 1].isSorted() && [1, 2].sum() == 3 && [1.5].sum() == 1.5 && [3, 1].min() == 1 && ['a', 'b'].max() == 'b' && [1, 2].indexOf(2) == 1 && [1, 1].lastIndexOf(1) == 1")]
    [TestCase("[1, 2, 3].slice(1, 2) == [2] && [[1], [2]].flatten() == [1, 2] && [1, 1, 2].distinct() == [1, 2] && [1, 2].reverse() == [2, 1] && [2, 1].sort() == [1, 2] && lists.range(3) == [0, 1, 2] && [1].first().value() == 1 && !([].last().hasValue())")]
    [TestCase("['bb', 'a'].sortBy(s, s.size()) == ['a', 'bb'] && sets.contains([1, 2], [1]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2]) && !sets.intersects([1], [])")]
    [TestCase("url('https://user@example.com:80/path%20x?k=v&k=w#f').getHost() == 'example.com:80' && url('https://example.com:80/').getHostname() == 'example.com' && url('https://[::1]:80/').getPort() == '80' && url('https://example.com/a%20b').getEscapedPath() == '/a%20b' && url('https://x/?k=v&k=w').getQuery()['k'] == ['v', 'w'] && isURL('/path') && !isURL('../x') && url('http://x').getScheme() == 'http'")]
    [TestCase("quantity('1.5G').isGreaterThan(quantity('1G')) && quantity('1Ki').asInteger() == 1024 && quantity('500m').add(quantity('0.5')).isInteger() && quantity('50k').sub(1000).compareTo(quantity('49k')) == 0 && !isQuantity('1x') && quantity('-1').sign() == -1 && quantity('200M') == quantity('0.2G') && quantity('1.5').asApproximateFloat() == 1.5")]
    [TestCase("ip('192.168.0.1').family() == 4 && isIP('::1') && !isIP('192.168.0.999') && !isIP('192.168.0.01') && ip.isCanonical('127.0.0.1') && ip('127.0.0.1').isLoopback() && string(ip('::1')) == '::1' && ip('fe80::1').isLinkLocalUnicast() && ip('8.8.8.8').isGlobalUnicast() && ip('0.0.0.0').isUnspecified()")]
    [TestCase("cidr('192.168.0.0/16').containsIP('192.168.3.4') && !cidr('192.168.0.0/16').containsIP(ip('10.0.0.1')) && cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24') && cidr('10.0.0.0/8').prefixLength() == 8 && cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && isCIDR('::/0') && !isCIDR('10.0.0.0/33')")]
    [TestCase("semver('1.0.0-alpha').isLessThan(semver('1.0.0')) && isSemver('1.0.0') && !isSemver('1.0') && isSemver('v1.0', true) && semver('1.2.3').minor() == 2 && semver('1.2.3').compareTo(semver('1.2.3')) == 0")]
    [TestCase("!format.dns1123Label().validate('my-label').hasValue() && format.dns1123Label().validate('My').hasValue() && format.named('dns1123Label').hasValue() && !format.named('nope').hasValue()")]
    [TestCase("optional.of(1).value() == 1 && optional.none().orValue(5) == 5 && optional.of(1).or(optional.of(2)).value() == 1 && !optional.ofNonZeroValue('').hasValue()")]
    [TestCase("{'a': 1}.?a.orValue(0) == 1 && {'a': 1}.?b.orValue(0) == 0 && [1][?0].hasValue() && ![1][?1].hasValue() && {'a': {'b': 2}}.?a.b.value() == 2")]
    [TestCase("optional.of(2).optMap(v, v + 1).value() == 3 && !optional.none().optMap(v, v).hasValue() && optional.of(2).optFlatMap(v, optional.of(v)).value() == 2")]
    [TestCase("[1, ?optional.none(), ?optional.of(2)] == [1, 2] && {?'a': optional.none(), 'b': 1} == {'b': 1}")]
    [TestCase("// a comment\n true")]
    public void Is_true(string expression)
    {
        var outcome = Evaluate(expression);
        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Verdict, Is.True);
    }

    [TestCase("x.spec.replicas == 3", """{"spec": {"replicas": 3}}""")]
    [TestCase("has(x.spec) && !has(x.status) && has(x.spec.a) && x.spec.a == null", """{"spec": {"a": null}}""")]
    [TestCase("x.labels['app.kubernetes.io/name'] == 'web' && 'a' in x.labels", """{"labels": {"app.kubernetes.io/name": "web", "a": ""}}""")]
    [TestCase("x.items.all(i, i.n > 0 && i.n < 2.5)", """{"items": [{"n": 1}, {"n": 2.25}]}""")]
    [TestCase("x == {'a': [1, 2]} && type(x.a) == list && x.a[1] == 2", """{"a": [1, 2]}""")]
    [TestCase("x.?spec.?replicas.orValue(1) == 1", """{"spec": {}}""")]
    [TestCase("x.n + 1 == 9007199254740994", """{"n": 9007199254740993}""")]
    public void Reads_JSON(string expression, string json) => Assert.That(Evaluate(expression, json).Verdict, Is.True, Evaluate(expression, json).Error);

    [TestCase("1 / 0 == 1", "division by zero")]
    [TestCase("1 % 0 == 1", "modulus by zero")]
    [TestCase("9223372036854775807 + 1 == 0", "integer overflow")]
    [TestCase("0u - 1u == 0u", "unsigned integer overflow")]
    [TestCase("[1][1] == 1", "index out of bounds: 1")]
    [TestCase("{'a': 1}['b'] == 1", "no such key: b")]
    [TestCase("{'a': 1}.b == 1", "no such key: b")]
    [TestCase("x.a == 1", "no such overload")]
    [TestCase("x + 1 == 1", "no such overload")]
    [TestCase("optional.none().value() == 1", "optional.none() dereference")]
    [TestCase("'a'.matches(x)", "no such overload")]
    [TestCase("dyn(1) < dyn('a')", "no such overload")]
    [TestCase("lists.range(2000).all(a, lists.range(2000).all(b, a + b >= 0))", "operation cancelled: actual cost limit exceeded")]
    public void Fails_with(string expression, string error) => Assert.That(Evaluate(expression).Error, Is.EqualTo(error));

    [TestCase("1 +", "ERROR: <input>:1:4: Syntax error: ")]
    [TestCase("y == 1", "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y == 1\n | ^")]
    [TestCase("1 == 'a'", "ERROR: <input>:1:3: found no matching overload for '_==_' applied to '(int, string)'\n | 1 == 'a'\n | ..^")]
    [TestCase("'a'.startsWith(1)", "ERROR: <input>:1:15: found no matching overload for 'startsWith' applied to 'string.(int)'\n | 'a'.startsWith(1)\n | ..............^")]
    [TestCase("nope(1)", "ERROR: <input>:1:5: undeclared reference to 'nope' (in container '')\n | nope(1)\n | ....^")]
    [TestCase("1 && true", "ERROR: <input>:1:1: expected type 'bool' but found 'int'\n | 1 && true\n | ^")]
    [TestCase("[1, 'a'] == []", "ERROR: <input>:1:5: expected type 'int' but found 'string'")]
    [TestCase("'a'.b == 1", "ERROR: <input>:1:4: type 'string' does not support field selection")]
    [TestCase("1.all(i, true)", "ERROR: <input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [TestCase("[1].all(i.j, true)", "ERROR: <input>:1:10: argument must be a simple name")]
    [TestCase("has(x)", "ERROR: <input>:1:5: invalid argument to has() macro")]
    [TestCase("for == 1", "ERROR: <input>:1:1: reserved identifier: for")]
    [TestCase("'a'.matches('(')", "ERROR: <input>:1:13: invalid matches argument: ")]
    [TestCase("'a'.matches('(?=a)')", "ERROR: <input>:1:13: invalid matches argument: ")]
    [TestCase("duration('x') == duration('1s')", "ERROR: <input>:1:10: invalid duration argument")]
    [TestCase("x.exists(y, y)\n  && z", "ERROR: <input>:2:6: undeclared reference to 'z' (in container '')\n |   && z\n | .....^")]
    [TestCase("authorizer.group('').check('get').allowed()", "ERROR: <input>:1:1: undeclared reference to 'authorizer'")]
    [TestCase("Foo{a: 1} == 1", "ERROR: <input>:1:4: message construction is not supported here")]
    [TestCase("'unterminated", "ERROR: <input>:1:1: Syntax error: token recognition error")]
    [TestCase("9223372036854775808 == 1", "ERROR: <input>:1:1: invalid int literal")]
    public void Does_not_compile(string expression, string error) => Assert.That(CelProgram.Compile(expression, Variables).Error, Does.StartWith(error));

    [TestCase("(")]
    [TestCase("[")]
    [TestCase("!(")]
    [TestCase("1+(")]
    [TestCase("a.")]
    [TestCase("a[")]
    [TestCase("true ? true : ")]
    [TestCase("1 + ")]
    [TestCase("a && ")]
    [TestCase("{1: ")]
    public void No_expression_exhausts_the_stack(string opening)
    {
        var (program, error) = CelProgram.Compile(string.Concat(Enumerable.Repeat(opening, 100_000 / opening.Length)), Variables);
        Assert.Multiple(() =>
        {
            Assert.That(program, Is.Null);
            Assert.That(error, Is.Not.Empty);
        });
    }

    [Test]
    public void Survives_random_texts()
    {
        var random = new Random(7);
        const string Alphabet = "x.()[]{}!&|=<>+-*/%?:,'\"\\ 019abunderlist\n😀";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            var (program, error) = CelProgram.Compile(text, Variables);
            Assert.That(program is null, Is.EqualTo(error is not null));
            _ = program?.Evaluate(new Dictionary<string, JsonNode?> { ["x"] = JsonNode.Parse("""{"a": [1, "b", null]}""") }, 10_000);
        }
    }

    [Test]
    public void Long_chains_of_conjunctions_are_fine()
    {
        var expression = string.Join(" && ", Enumerable.Repeat("1 == 1", 300));
        Assert.That(Evaluate(expression).Verdict, Is.True);
    }

    [Test]
    public void Gives_values_as_JSON() =>
        Assert.That(KubernetesJson.ToText(Evaluate("{'a': x.e, 'b': x.c, 'd': dyn([1, 2])}", """{"c": {"d": 1}, "e": [1, 2.5, "x", null, true]}""").Value), Is.EqualTo("""{"a":[1,2.5,"x",null,true],"b":{"d":1},"d":[1,2]}"""));
}
