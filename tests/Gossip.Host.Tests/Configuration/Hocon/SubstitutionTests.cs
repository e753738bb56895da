using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapter on substitutions: forward, back, and in circles.</summary>
[Row("F1")]
public sealed class SubstitutionTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["HOME"] = "/root",
        ["EMPTY"] = "",
        ["PORT"] = "7700",
    };

    [Theory]
    [InlineData("a = ${b}, b = 1", """{"a":1,"b":1}""")]
    [InlineData("a = ${b.c}, b { c = [1] }", """{"a":[1],"b":{"c":[1]}}""")]
    [InlineData("a = ${b}, b = 1, b = 2", """{"a":2,"b":2}""")]
    [InlineData("a = x ${b} y, b = 1", """{"a":"x 1 y","b":1}""")]
    [InlineData("a = ${b}\" y\", b = x", """{"a":"x y","b":"x"}""")]
    [InlineData("a = \"${b}\", b = x", """{"a":"${b}","b":"x"}""")]
    [InlineData("a = ${ b.\"c.d\" }, b { \"c.d\" = 1 }", """{"a":1,"b":{"c.d":1}}""")]
    [InlineData("a = [ ${b} ${b}, c ${d} ], b = [1], d = x",
        """{"a":[[1,1],"c x"],"b":[1],"d":"x"}""")]
    [InlineData("generic = { size = 6 }, east = ${generic} { name = east }",
        """{"generic":{"size":6},"east":{"size":6,"name":"east"}}""")]
    [InlineData("a = ${b} [2], b = [1]", """{"a":[1,2],"b":[1]}""")]
    [InlineData("a = ${b} [c], b { 1 = y, 0 = x, z = 3 }",
        """{"a":["x","y","c"],"b":{"1":"y","0":"x","z":3}}""")]
    public void A_substitution_is_what_its_path_says_in_the_end(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text, Variables));

    [Theory]
    [InlineData("a = ${HOME}/x", """{"a":"/root/x"}""")]
    [InlineData("a = ${EMPTY}", """{"a":""}""")]
    [InlineData("a = ${PORT}", """{"a":"7700"}""")]
    [InlineData("a = ${HOME}, HOME = here", """{"a":"here","HOME":"here"}""")]
    [InlineData("a = ${?HOME}, HOME = null", """{"a":null,"HOME":null}""")]
    [InlineData("a = old, a = ${?HOME}", """{"a":"/root"}""")]
    public void The_environment_answers_last(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text, Variables));

    [Theory]
    [InlineData("a = ${?b}", "{}")]
    [InlineData("a = 1, a = ${?b}", """{"a":1}""")]
    [InlineData("a = [1, ${?b}, 2]", """{"a":[1,2]}""")]
    [InlineData("a = x${?b}y", """{"a":"xy"}""")]
    [InlineData("a = ${?b}[1]", """{"a":[1]}""")]
    [InlineData("a = ${?b}{c = 1}", """{"a":{"c":1}}""")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("a = ${?b} ${?c}", "{}")]
    [InlineData("a { b = 1 }, a = ${?c}, a { d = 2 }", """{"a":{"b":1,"d":2}}""")]
    public void What_may_be_missing_vanishes(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    [Theory]
    [InlineData("path = \"a:b\", path = ${path}\":c\"", """{"path":"a:b:c"}""")]
    [InlineData("path = [ /bin ], path = ${path} [ /usr/bin ]", """{"path":["/bin","/usr/bin"]}""")]
    [InlineData("foo { a = 1 }, foo = ${foo}", """{"foo":{"a":1}}""")]
    [InlineData("foo = ${?foo}", "{}")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("foo = ${does-not-exist}, foo = 42", """{"foo":42}""")]
    [InlineData("foo = ${foo}, foo = 42", """{"foo":42}""")]
    [InlineData("foo { a { c = 1 } }, foo = ${foo.a}, foo { a = 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }",
        """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4",
        """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a.b = 1, a.b = ${a.b}2", """{"a":{"b":"12"}}""")]
    [InlineData("a = 1, b = 2, a = ${b}, b = ${a}", """{"a":1,"b":1}""")]
    [InlineData("a { b = ${?a} }", """{"a":{}}""")]
    [InlineData("a = 1, a = ${a}${a}, a = ${a}${a}", """{"a":"1111"}""")]
    public void A_substitution_of_itself_looks_back(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    [Theory]
    [InlineData("a += 1", """{"a":[1]}""")]
    [InlineData("a = [1], a += 2, a += [3], a += { b = 4 }", """{"a":[1,2,[3],{"b":4}]}""")]
    [InlineData("a.b += 1, a { b += 2 }", """{"a":{"b":[1,2]}}""")]
    [InlineData("a = ${b}, a += 2, b = [1]", """{"a":[1,2],"b":[1]}""")]
    [InlineData("x { p += b }, y = ${x} { p += c }", """{"x":{"p":["b"]},"y":{"p":["b","c"]}}""")]
    [InlineData("a = [1], a += 2, a = [3], a += 4", """{"a":[3,4]}""")]
    public void Plus_equal_adds_to_what_was_there(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    [Theory]
    [InlineData("a = ${b}", "f:1:5: '${b}' is set nowhere")]
    [InlineData("a = ${b}", "write ${?b} if it may be missing")]
    [InlineData("foo = ${foo}", "f:1:7: '${foo}' leads to itself (foo → foo) and nothing")]
    [InlineData("foo = ${foo}, foo { a = 1 }", "f:1:7: '${foo}' leads to itself")]
    [InlineData("bar = ${foo}, foo = ${bar}", "leads to itself (bar → foo → bar)")]
    [InlineData("a = ${b}, b = ${c}, c = ${a}", "leads to itself (a → b → c → a)")]
    [InlineData("a { b = ${a} }", "f:1:9: This substitution contains itself")]
    [InlineData("a = [${a}]", "f:1:6: This substitution contains itself")]
    [InlineData("a = ${b}[1], b = x", "f:1:5: a text beside a list; only equal kinds")]
    [InlineData("a = [1]${b}, b { c = 1 }", "an object beside a list")]
    [InlineData("a = 1, a += 2", "a text beside a list")]
    public void What_cannot_be_is_said(string text, string error) =>
        Assert.Contains(Hocon.Read(text).Errors, e =>
            e.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        var (_, errors) = Hocon.Read("a = ${x}\nb = [${y}, ${?z}], c = ${x}");
        Assert.Equal(["f:1:5", "f:2:6", "f:2:24"], errors.Select(e => e.Split(": ")[0]));
    }
}
