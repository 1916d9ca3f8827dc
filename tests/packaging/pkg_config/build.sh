#!/bin/sh -e
g++ -std=c++20 -O2 $CXXFLAGS embedded.cpp -o embedded $(pkg-config --cflags --libs weir)
