using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapters on syntax, each rule with its own examples.</summary>
[Row("F1")]
public sealed class SyntaxTests
{
    [Theory]
    // Comments, omitted root braces, separators.
    [InlineData("", "{}")]
    [InlineData("# only a comment", "{}")]
    [InlineData("a = 1 # one\nb = 2 // two", """{"a":1,"b":2}""")]
    [InlineData("a = \"# no // comment\"", """{"a":"# no // comment"}""")]
    [InlineData("{ a = 1 }", """{"a":1}""")]
    [InlineData("a : 1\n\"b\" {}\nc { d = x }", """{"a":1,"b":{},"c":{"d":"x"}}""")]
    [InlineData("\uFEFFa = 1", """{"a":1}""")]
    // Commas and line ends.
    [InlineData("a = [1,2,3,]", """{"a":[1,2,3]}""")]
    [InlineData("a = [1\n2\n3]", """{"a":[1,2,3]}""")]
    [InlineData("a = [1\n,2\n,\n3]", """{"a":[1,2,3]}""")]
    [InlineData("{a=1,b=2,}", """{"a":1,"b":2}""")]
    [InlineData("a=1\n\n\nb=2", """{"a":1,"b":2}""")]
    [InlineData("a\n=\n1", """{"a":1}""")]
    [InlineData("a\n{\nb=1\n}", """{"a":{"b":1}}""")]
    // Whitespace is Unicode's, but only a line feed ends a line.
    [InlineData("a\u00A0=\u20281\r\nb\t= 2", """{"a":1,"b":2}""")]
    [InlineData("a = x\u2029y", "{\"a\":\"x\u2029y\"}")]
    // Unquoted strings.
    [InlineData("a = foo.bar/baz_1-2;(x)", """{"a":"foo.bar/baz_1-2;(x)"}""")]
    [InlineData("a = truefoo, b = footrue, c = 10.0bar, d = bar10.0",
        """{"a":"truefoo","b":"footrue","c":"10.0bar","d":"bar10.0"}""")]
    [InlineData("a = true, b = null, c = 1e5, d = -0.5E-2, e = 1e+3",
        """{"a":true,"b":null,"c":1e5,"d":-0.5E-2,"e":1e+3}""")]
    [InlineData("a = 007, b = -foo, c = 1.2.3, d = 5ms",
        """{"a":"007","b":"-foo","c":"1.2.3","d":"5ms"}""")]
    [InlineData("a = x//y", """{"a":"x"}""")]
    [InlineData("a = x/y", """{"a":"x/y"}""")]
    // Quoted strings are JSON's; three quotes take everything as it is.
    [InlineData("""a = "\"\\\/\b\f\n\r\té" """, """{"a":"\"\\/\b\f\n\r\té"}""")]
    [InlineData("a = \"\"\"two\n\\nlines\"\"\"", """{"a":"two\n\\nlines"}""")]
    [InlineData("a = \"\"\"foo\"\"\"\"", """{"a":"foo\""}""")]
    [InlineData("a = \"\"\"\"\"\"", """{"a":""}""")]
    [InlineData("a = \"\"\"\"\"\"\"\"", """{"a":"\"\""}""")]
    [InlineData("a = \"\"", """{"a":""}""")]
    public void A_text_means_what_the_specification_says(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    [Theory]
    // Paths as keys.
    [InlineData("foo.bar.baz : 42", """{"foo":{"bar":{"baz":42}}}""")]
    [InlineData("a.x : 42, a.y : 43", """{"a":{"x":42,"y":43}}""")]
    [InlineData("foo.\"hello.world\" = 1", """{"foo":{"hello.world":1}}""")]
    [InlineData("a b c : 42", """{"a b c":42}""")]
    [InlineData("true : 42", """{"true":42}""")]
    [InlineData("3 : 42", """{"3":42}""")]
    [InlineData("3.14 : 42", """{"3":{"14":42}}""")]
    [InlineData("10.0foo = 1", """{"10":{"0foo":1}}""")]
    [InlineData("foo10.0 = 1", """{"foo10":{"0":1}}""")]
    [InlineData("foo\"10.0\" = 1", """{"foo10.0":1}""")]
    [InlineData("1.2.3 = x", """{"1":{"2":{"3":"x"}}}""")]
    [InlineData("a.\"\".b = 1", """{"a":{"":{"b":1}}}""")]
    // Duplicate keys and merging.
    [InlineData("foo { a : 42 }, foo { b : 43 }", """{"foo":{"a":42,"b":43}}""")]
    [InlineData("foo { a : 42 }, foo : null, foo { b : 43 }", """{"foo":{"b":43}}""")]
    [InlineData("a = 1, a = 2", """{"a":2}""")]
    [InlineData("a { x { p = 1 } }, a.x.q = 2, a.x.p = 3", """{"a":{"x":{"p":3,"q":2}}}""")]
    [InlineData("a = 1, a { b = 2 }", """{"a":{"b":2}}""")]
    [InlineData("a { b = 2 }, a = [1]", """{"a":[1]}""")]
    public void Keys_are_paths_and_later_ones_win_or_merge(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    [Theory]
    [InlineData("a :  foo bar baz  ", """{"a":"foo bar baz"}""")]
    [InlineData("a = \"foo\"  bar", """{"a":"foo  bar"}""")]
    [InlineData("a = true foo", """{"a":"true foo"}""")]
    [InlineData("a = 1e5 x", """{"a":"1e5 x"}""")]
    [InlineData("a = [ 1 2 3 4 ]", """{"a":["1 2 3 4"]}""")]
    [InlineData("a = [ 1\n 2\n 3\n 4 ]", """{"a":[1,2,3,4]}""")]
    [InlineData("a = [ 1, 2 ] [ 3, 4 ]", """{"a":[1,2,3,4]}""")]
    [InlineData("a = [ [ 1, 2 ] [ 3, 4 ] ]", """{"a":[[1,2,3,4]]}""")]
    [InlineData("a = [ [ 1, 2 ]\n [ 3, 4 ] ]", """{"a":[[1,2],[3,4]]}""")]
    [InlineData("a : { b : 1 } { c : 2 }", """{"a":{"b":1,"c":2}}""")]
    [InlineData("a : { b : 1 } { b : 2\n }", """{"a":{"b":2}}""")]
    [InlineData("a = include, b = [ include ]", """{"a":"include","b":["include"]}""")]
    [InlineData("foo include : 42", """{"foo include":42}""")]
    [InlineData("\"include\" : 42", """{"include":42}""")]
    public void Values_side_by_side_are_joined(string text, string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(text));

    /// <summary>Every JSON text is HOCON, and means the same.</summary>
    [Theory]
    [InlineData("""{"a":[1,-2.5e3,true,false,null,"x\u00e9\ud83d\ude00\/"],"b":{"c":{}},"":0}""")]
    [InlineData("""{ "a" : [ [ ] , [ [ ] , { } ] ] , "a.b" : "${x}" , "include" : "# //" }""")]
    [InlineData("{\n\t\"a\"\n:\n1\n,\r\n\"b\"\n:[\n1\n,\n2\n]\n}\n")]
    public void JSON_is_read_as_JSON(string json) =>
        Assert.Equal(Hocon.Normal(json), Hocon.ToJson(json));
}
